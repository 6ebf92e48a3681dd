import { createBrowserRouter } from "react-router";

import { Guest } from "./Guest";
import { NotFound } from "./NotFound";
import { Problem } from "./Problem";
import { Shell } from "./Shell";

/**
 * The pages. Each is loaded when it is first opened; what stands below `Guest` is for everybody, what stands below `Shell` for
 * people who are signed in. Those that mails lead to have the paths that the server writes there (`activate`, `reset-password`,
 * `unlock`, `cases/NUMBER`).
 */
export const router = createBrowserRouter([
    {
        errorElement: <Problem />,
        HydrateFallback: () => null,
        children: [
            {
                element: <Guest />,
                children: [
                    { path: "sign-in", lazy: () => import("../pages/sign-in/SignIn") },
                    { path: "sign-in/help", lazy: () => import("../pages/sign-in/Help") },
                ],
            },
            {
                element: <Shell />,
                children: [{ path: "*", element: <NotFound /> }],
            },
        ],
    },
]);
