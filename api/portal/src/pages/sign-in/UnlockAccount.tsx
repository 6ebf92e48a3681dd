import { useTranslation } from "react-i18next";

import { graphql } from "../../gql";
import { LinkRequest } from "./LinkRequest";

const REQUEST = graphql(`
    mutation UnlockRequest($input: UnlockRequestInput!) {
        outcome: unlockRequest(input: $input) {
            userErrors {
                code
                field
                message
            }
        }
    }
`);

/** A locked account: asks for the link that ends the lock. */
export function Component() {
    const { t } = useTranslation();
    return (
        <LinkRequest
            title={t("help.unlock")}
            text={t("unlock.requestText")}
            button={t("unlock.send")}
            request={REQUEST}
        />
    );
}
