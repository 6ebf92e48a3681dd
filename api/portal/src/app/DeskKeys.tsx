import { ActionIcon, Kbd, Stack, Switch, Table, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKeyboard } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { Dialog } from "../parts/Dialog";
import { useKeySwitch, useKeys } from "../parts/keys";

const KEYS = ["j", "k", "Enter", "/", "Escape", "c", "r", "?"] as const;

/** Keys that work on every page of the desk, and the list of all keys, where they can be switched off. */
export function DeskKeys() {
    const { t } = useTranslation();
    const navigate = useNavigate();
    const [opened, { open, close }] = useDisclosure();
    const [on, setOn] = useKeySwitch();
    useKeys({
        "?": open,
        c: () => void navigate("/create"),
        "/": () => {
            const box = document.getElementById("search");
            if (box) box.focus();
            else void navigate("/desk", { state: { search: true } });
        },
    });
    return (
        <>
            <Tooltip label={t("keys.title")}>
                <ActionIcon
                    variant="default"
                    size={36}
                    visibleFrom="sm"
                    aria-label={t("keys.title")}
                    aria-haspopup="dialog"
                    onClick={open}
                >
                    <IconKeyboard size={18} aria-hidden />
                </ActionIcon>
            </Tooltip>
            <Dialog opened={opened} onClose={close} title={t("keys.title")}>
                <Stack>
                    <Table verticalSpacing={6}>
                        <Table.Tbody>
                            {KEYS.map((key) => (
                                <Table.Tr key={key}>
                                    <Table.Th scope="row" w={90}>
                                        <Kbd>{key === "Escape" ? "Esc" : key}</Kbd>
                                    </Table.Th>
                                    <Table.Td>
                                        {t(`keys.${key === "/" ? "slash" : key === "?" ? "help" : key}`)}
                                    </Table.Td>
                                </Table.Tr>
                            ))}
                        </Table.Tbody>
                    </Table>
                    <Text size="sm">{t("keys.text")}</Text>
                    <Switch
                        label={t("keys.use")}
                        checked={on}
                        onChange={(event) => setOn(event.currentTarget.checked)}
                    />
                </Stack>
            </Dialog>
        </>
    );
}
