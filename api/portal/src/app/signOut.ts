import { useNavigate } from "react-router";
import { useMutation } from "urql";

import { graphql } from "../gql";
import { forgetKept } from "../parts/kept";
import { useSession } from "./session";

const SIGN_OUT = graphql(`
  mutation SignOut {
    signOut {
      userErrors {
        code
        message
      }
    }
  }
`);

/** Signs out, and leads to where one signs in; when the service cannot be reached, nothing happens. */
export function useSignOut(): () => Promise<void> {
  const { renew } = useSession();
  const navigate = useNavigate();
  const [, signOut] = useMutation(SIGN_OUT);
  return async () => {
    const { error } = await signOut({});
    if (error?.networkError) return;
    forgetKept();
    await navigate("/sign-in");
    renew();
  };
}
