import { Anchor, Button, Group, Stack, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useSearchParams } from "react-router";
import { useMutation } from "urql";

import { useSession } from "../../app/session";
import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import { tellSignedIn } from "../../parts/kept";
import { PasswordField } from "../../parts/PasswordField";
import { useFormErrors } from "../../parts/formErrors";

const SIGN_IN = graphql(`
    mutation SignIn($input: SignInInput!) {
        signIn(input: $input) {
            retryAt
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** A path of this portal, whatever an address says: nobody is sent elsewhere. */
export function ownPath(wanted: string | null): string {
    return wanted !== null && /^\/(?![/\\])/u.test(wanted) ? wanted : "/";
}

/** Signing in: with a password, and where a second factor is asked for, with a code or a recovery code. */
export function Component() {
    const { t } = useTranslation();
    const { session, renew } = useSession();
    const [search] = useSearchParams();
    const [{ fetching }, signIn] = useMutation(SIGN_IN);
    const [values, setValues] = useState({ name: "", password: "", code: "", recoveryCode: "" });
    const [factor, setFactor] = useState<"none" | "code" | "recoveryCode">("none");
    const labels = {
        name: t("signIn.name"),
        password: t("signIn.password"),
        code: t("signIn.code"),
        recoveryCode: t("signIn.recoveryCode"),
    };
    const form = useFormErrors(Object.keys(labels), { unreachable: t("errors.unreachable") });
    if (session.state === "signed-in") return <Navigate replace to={ownPath(search.get("next"))} />;

    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        form.clear();
        const { name, password } = values;
        const beside = factor === "none" ? {} : { [factor]: values[factor] };
        const { data, error } = await signIn({ input: { name, password, ...beside } });
        const errors = data?.signIn.userErrors ?? [];
        if (factor === "none" && errors.some((each) => each.code === "SECOND_FACTOR_REQUIRED")) {
            setFactor("code");
            return;
        }
        if (!form.take({ error, userErrors: errors })) return;
        tellSignedIn();
        renew();
    };
    const field = (name: keyof typeof values) => ({
        id: name,
        name,
        label: labels[name],
        value: values[name],
        error: form.errors.fields[name],
        required: true,
        onChange: (event: { currentTarget: { value: string } }) => {
            const { value } = event.currentTarget;
            setValues((before) => ({ ...before, [name]: value }));
        },
    });

    return (
        <Page title={t("signIn.title")}>
            <ErrorSummary errors={form.errors} labels={labels} />
            <form onSubmit={(event) => void submit(event)} noValidate>
                <Stack>
                    <TextInput
                        {...field("name")}
                        autoComplete="username"
                        autoCapitalize="none"
                        spellCheck={false}
                        autoFocus
                    />
                    <PasswordField {...field("password")} autoComplete="current-password" />
                    {factor === "code" ? (
                        <TextInput
                            {...field("code")}
                            description={t("signIn.codeHelp")}
                            inputMode="numeric"
                            autoComplete="one-time-code"
                            autoFocus
                        />
                    ) : null}
                    {factor === "recoveryCode" ? (
                        <TextInput {...field("recoveryCode")} autoComplete="off" spellCheck={false} autoFocus />
                    ) : null}
                    {factor === "none" ? null : (
                        <Anchor
                            component="button"
                            type="button"
                            size="sm"
                            ta="start"
                            onClick={() => setFactor(factor === "code" ? "recoveryCode" : "code")}
                        >
                            {factor === "code" ? t("signIn.useRecoveryCode") : t("signIn.useCode")}
                        </Anchor>
                    )}
                    <Button type="submit" loading={fetching}>
                        {t("signIn.submit")}
                    </Button>
                </Stack>
            </form>
            <Group justify="space-between" gap="xs">
                <Anchor component={Link} to="/sign-in/help" size="sm">
                    {t("signIn.needHelp")}
                </Anchor>
                <Anchor component={Link} to="/request-access" size="sm">
                    {t("requestAccess.title")}
                </Anchor>
            </Group>
        </Page>
    );
}
