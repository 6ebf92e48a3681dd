import { useTranslation } from "react-i18next";

import { graphql } from "../../gql";
import { LinkRequest } from "./LinkRequest";

const REQUEST = graphql(`
    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {
        outcome: passwordResetRequest(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** A forgotten password: asks for the link that sets another. */
export function Component() {
    const { t } = useTranslation();
    return (
        <LinkRequest title={t("help.forgot")} text={t("forgot.text")} button={t("forgot.submit")} request={REQUEST} />
    );
}
