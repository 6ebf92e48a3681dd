import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import { MailedLink } from "./MailedLink";

const UNLOCK = graphql(`
    mutation Unlock($input: UnlockInput!) {
        outcome: unlock(input: $input) {
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

/** A locked account: ends the lock. */
export function Component() {
    const { t } = useTranslation();
    const [{ fetching }, unlock] = useMutation(UNLOCK);
    return (
        <MailedLink
            words={{
                title: t("unlock.title"),
                text: t("unlock.text"),
                button: t("unlock.submit"),
                doneTitle: t("unlock.doneTitle"),
                doneText: t("unlock.doneText"),
            }}
            setsPassword={false}
            sending={fetching}
            send={({ token, answer }) => unlock({ input: { token, ...(answer === undefined ? {} : { answer }) } })}
        />
    );
}
