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
    const [{ fetching }, activate] = useMutation(ACTIVATE);
    return (
        <MailedLink
            purpose="activate"
            setsPassword
            sending={fetching}
            send={({ token, newPassword }) => activate({ input: { token, newPassword } })}
        />
    );
}
