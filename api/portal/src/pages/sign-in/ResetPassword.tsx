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
    const [{ fetching }, reset] = useMutation(RESET);
    return <MailedLink purpose="reset" setsPassword sending={fetching} send={(input) => reset({ input })} />;
}
