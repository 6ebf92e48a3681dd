import { Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { PasswordField } from "../../parts/PasswordField";
import { useFields } from "../../parts/fields";
import { FactorForm } from "./FactorForm";

const REPLACE = graphql(`
    mutation RecoveryCodesReplace($input: RecoveryCodesReplaceInput!) {
        recoveryCodesReplace(input: $input) {
            recoveryCodes
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** Makes other recovery codes, with the password and a code of the app; the ones before are good for nothing then. */
export function ReplaceCodes({
    onDone,
    onCancel,
}: {
    onDone: (codes: readonly string[]) => void;
    onCancel: () => void;
}) {
    const { t } = useTranslation();
    const [{ fetching }, replace] = useMutation(REPLACE);
    const form = useFields({ currentPassword: t("password.current"), code: t("signIn.code") }, { prefix: "factor-" });
    const submit = async () => {
        if (!form.complete()) return;
        const { data, error } = await replace({ input: { ...form.values, code: form.values.code.trim() } });
        const payload = data?.recoveryCodesReplace;
        if (form.errors.take({ error, userErrors: payload?.userErrors }) && payload) onDone(payload.recoveryCodes);
    };
    return (
        <Stack>
            <ErrorSummary {...form.summary} />
            <FactorForm action={t("factor.replaceCodes")} sending={fetching} onSubmit={submit} onCancel={onCancel}>
                <PasswordField {...form.input("currentPassword")} autoComplete="current-password" autoFocus />
                <TextInput {...form.input("code")} inputMode="numeric" autoComplete="one-time-code" />
            </FactorForm>
        </Stack>
    );
}
