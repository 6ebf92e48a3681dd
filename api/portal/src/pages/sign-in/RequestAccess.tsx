import { Anchor, Button, Select, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import type { AccessRequestType } from "../../gql/graphql";
import { Done } from "../../parts/Done";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { LongText } from "../../parts/LongText";
import { Page } from "../../parts/Page";
import { useFields } from "../../parts/fields";

const SUBMIT = graphql(`
    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {
        accessRequestSubmit(input: $input) {
            received
            userErrors {
                code
                field
                message
            }
        }
    }
`);

const TYPES: readonly AccessRequestType[] = ["PORTAL_ACCESS", "CHANGE_OR_REMOVAL", "OTHER"];

/** The public form by which somebody asks for access, for themselves and for others. */
export function Component() {
    const { t } = useTranslation();
    const [{ fetching }, send] = useMutation(SUBMIT);
    const [done, setDone] = useState(false);
    const form = useFields(
        {
            name: t("requestAccess.name"),
            phone: t("requestAccess.phone"),
            email: t("requestAccess.email"),
            accountName: t("requestAccess.accountName"),
            serviceAddress: t("requestAccess.serviceAddress"),
            type: t("requestAccess.type"),
            description: t("requestAccess.description"),
        },
        { optional: ["phone", "serviceAddress"] },
    );
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const type = TYPES.find((each) => each === form.values.type);
        if (!form.complete() || !type) return;
        const { name, email, accountName, description } = form.values;
        const phone = form.values.phone.trim() || null;
        const serviceAddress = form.values.serviceAddress.trim() || null;
        const { data, error } = await send({
            input: { name, email, accountName, description, phone, serviceAddress, type },
        });
        if (form.errors.take({ error, userErrors: data?.accessRequestSubmit.userErrors })) setDone(true);
    };
    return (
        <Page title={t("requestAccess.title")}>
            {done ? (
                <Done title={t("requestAccess.doneTitle")}>{t("requestAccess.doneText")}</Done>
            ) : (
                <>
                    <Text>{t("requestAccess.text")}</Text>
                    <ErrorSummary {...form.summary} />
                    <form onSubmit={(event) => void submit(event)} noValidate>
                        <Stack>
                            <TextInput {...form.input("name")} autoComplete="name" />
                            <TextInput {...form.input("phone")} type="tel" autoComplete="tel" />
                            <TextInput {...form.input("email")} type="email" autoComplete="email" />
                            <TextInput {...form.input("accountName")} autoComplete="organization" />
                            <TextInput {...form.input("serviceAddress")} autoComplete="street-address" />
                            <Select
                                {...form.choice("type")}
                                data={TYPES.map((value) => ({ value, label: t(`requestAccess.types.${value}`) }))}
                            />
                            <LongText
                                most={16_000}
                                {...form.input("description")}
                                description={t("requestAccess.descriptionHelp")}
                                minRows={4}
                                maxRows={12}
                            />
                            <Button type="submit" loading={fetching}>
                                {t("requestAccess.submit")}
                            </Button>
                        </Stack>
                    </form>
                </>
            )}
            <Anchor component={Link} to="/sign-in">
                {t("help.back")}
            </Anchor>
        </Page>
    );
}
