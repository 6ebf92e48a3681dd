import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { MailedLink } from "./MailedLink";

const RESET = graphql(`
    mutation PasswordReset($input: PasswordResetInput!) {
        outcome: passwordReset(input: $input) {
            challengeQuestion {
                name
                text
            }
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** A forgotten password: sets another. */
export function Component() {
    const { t } = useTranslation();
    const [{ fetching }, reset] = useMutation(RESET);
    return (
        <MailedLink
            words={{
                title: t("reset.title"),
                text: t("reset.text"),
                button: t("reset.submit"),
                doneTitle: t("password.changed"),
                doneText: t("reset.doneText"),
            }}
            setsPassword
            sending={fetching}
            send={(input) => reset({ input })}
        />
    );
}
