import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { MailedLink } from "./MailedLink";

const ACTIVATE = graphql(`
    mutation AccountActivate($input: AccountActivateInput!) {
        outcome: accountActivate(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** An invitation: sets the first password. */
export function Component() {
    const { t } = useTranslation();
    const [{ fetching }, activate] = useMutation(ACTIVATE);
    return (
        <MailedLink
            words={{
                title: t("activate.title"),
                text: t("activate.text"),
                button: t("activate.submit"),
                doneTitle: t("activate.doneTitle"),
                doneText: t("activate.doneText"),
            }}
            setsPassword
            sending={fetching}
            send={({ token, newPassword }) => activate({ input: { token, newPassword } })}
        />
    );
}
