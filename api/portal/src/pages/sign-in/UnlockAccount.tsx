import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { LinkRequest } from "./LinkRequest";

const REQUEST = graphql(`
    mutation UnlockRequest($input: UnlockRequestInput!) {
        unlockRequest(input: $input) {
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
    const [{ fetching }, request] = useMutation(REQUEST);
    return (
        <LinkRequest
            title={t("help.unlock")}
            text={t("unlock.requestText")}
            button={t("unlock.send")}
            sending={fetching}
            send={async (name) => {
                const { data, error } = await request({ input: { name } });
                return { error, userErrors: data?.unlockRequest.userErrors };
            }}
        />
    );
}
