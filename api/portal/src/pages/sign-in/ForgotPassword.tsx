import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { LinkRequest } from "./LinkRequest";

const REQUEST = graphql(`
    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {
        passwordResetRequest(input: $input) {
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
    const [{ fetching }, request] = useMutation(REQUEST);
    return (
        <LinkRequest
            title={t("help.forgot")}
            text={t("forgot.text")}
            button={t("forgot.submit")}
            sending={fetching}
            send={async (name) => {
                const { data, error } = await request({ input: { name } });
                return { error, userErrors: data?.passwordResetRequest.userErrors };
            }}
        />
    );
}
