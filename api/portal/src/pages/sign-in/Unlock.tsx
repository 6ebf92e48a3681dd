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
    const [{ fetching }, unlock] = useMutation(UNLOCK);
    return (
        <MailedLink
            purpose="unlock"
            setsPassword={false}
            sending={fetching}
            send={({ token, answer }) => unlock({ input: { token, ...(answer === undefined ? {} : { answer }) } })}
        />
    );
}
