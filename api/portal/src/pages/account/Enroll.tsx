import { Box, Code, Stack, Text, TextInput } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { PasswordField } from "../../parts/PasswordField";
import { useFields } from "../../parts/fields";
import { FactorForm } from "./FactorForm";

const ENROLL = graphql(`
    mutation TotpEnroll($input: TotpEnrollInput!) {
        totpEnroll(input: $input) {
            secret
            uri
            userErrors {
                code
                field
                message
            }
        }
    }
`);

const CONFIRM = graphql(`
    mutation TotpConfirm($input: TotpConfirmInput!) {
        totpConfirm(input: $input) {
            recoveryCodes
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** Sets up an authenticator app: the password, then the secret for the app, then a first code of it. */
export function Enroll({
    onDone,
    onCancel,
    cancel,
}: {
    onDone: (codes: readonly string[]) => void;
    onCancel: () => void;
    cancel?: string;
}) {
    const { t } = useTranslation();
    const [enrolling, enroll] = useMutation(ENROLL);
    const [confirming, confirm] = useMutation(CONFIRM);
    const [app, setApp] = useState<{ secret: string; uri: string } | undefined>();
    const form = useFields({ currentPassword: t("password.current"), code: t("signIn.code") }, { prefix: "factor-" });
    const begin = async () => {
        if (!form.complete(["currentPassword"])) return;
        const { data, error } = await enroll({ input: { currentPassword: form.values.currentPassword } });
        const payload = data?.totpEnroll;
        if (form.errors.take({ error, userErrors: payload?.userErrors }) && payload?.secret && payload.uri) {
            setApp({ secret: payload.secret, uri: payload.uri });
        }
    };
    const finish = async () => {
        if (!form.complete(["code"])) return;
        const { data, error } = await confirm({ input: { code: form.values.code.replace(/\s/gu, "") } });
        const payload = data?.totpConfirm;
        if (form.errors.take({ error, userErrors: payload?.userErrors }) && payload) onDone(payload.recoveryCodes);
    };
    if (!app) {
        return (
            <Stack>
                <ErrorSummary {...form.summary} />
                <FactorForm
                    action={t("continue")}
                    sending={enrolling.fetching}
                    onSubmit={begin}
                    onCancel={onCancel}
                    cancel={cancel}
                >
                    <PasswordField {...form.input("currentPassword")} autoComplete="current-password" autoFocus />
                </FactorForm>
            </Stack>
        );
    }
    return (
        <Stack>
            <Text size="sm">{t("factor.scan")}</Text>
            <Box bg="white" p="sm" w="fit-content">
                <QRCodeSVG value={app.uri} size={176} title={t("factor.qr")} />
            </Box>
            <Text size="sm">{t("factor.orType")}</Text>
            <Code block>{app.secret}</Code>
            <ErrorSummary {...form.summary} />
            <FactorForm
                action={t("factor.confirm")}
                sending={confirming.fetching}
                onSubmit={finish}
                onCancel={onCancel}
                cancel={cancel}
            >
                <TextInput
                    {...form.input("code")}
                    description={t("signIn.codeHelp")}
                    inputMode="numeric"
                    autoComplete="one-time-code"
                    autoFocus
                />
            </FactorForm>
        </Stack>
    );
}
