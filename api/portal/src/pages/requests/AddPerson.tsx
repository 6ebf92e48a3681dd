import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import type { SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../parts/Dialog";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { useFields } from "../../parts/fields";
import { Problems } from "./Problems";
import { ADD_PERSON, type Asked } from "./documents";
import { useDecision } from "./useDecision";

/** Adds somebody who is named in the description, so that they are decided of, too. */
export function AddPerson({ of }: { of: Asked }) {
    const { t } = useTranslation();
    const [opened, { open, close }] = useDisclosure();
    const decision = useDecision(of);
    const form = useFields(
        { name: t("requestAccess.name"), email: t("requestAccess.email"), phone: t("requestAccess.phone") },
        { optional: ["phone"], prefix: "person-" },
    );
    const add = async (event: SyntheticEvent) => {
        event.preventDefault();
        if (!form.complete()) return;
        const { name, email } = form.values;
        const phone = form.values.phone.trim() || null;
        if (await decision.run(ADD_PERSON, { name: name.trim(), email: email.trim(), phone })) {
            form.reset();
            close();
        }
    };
    return (
        <Group>
            <Button variant="default" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
                {t("requests.addPerson")}
            </Button>
            <Dialog opened={opened} onClose={close} title={t("requests.addPerson")}>
                <form onSubmit={(event) => void add(event)} noValidate>
                    <Stack>
                        <Text size="sm">{t("requests.addPersonText")}</Text>
                        <ErrorSummary {...form.summary} />
                        <Problems of={decision.problems} />
                        <TextInput {...form.input("name")} autoComplete="off" />
                        <TextInput {...form.input("email")} type="email" autoComplete="off" />
                        <TextInput {...form.input("phone")} type="tel" autoComplete="off" />
                        <Group justify="flex-end">
                            <Button variant="default" onClick={close}>
                                {t("case.back")}
                            </Button>
                            <Button type="submit" loading={decision.busy}>
                                {t("requests.add")}
                            </Button>
                        </Group>
                    </Stack>
                </form>
            </Dialog>
        </Group>
    );
}
