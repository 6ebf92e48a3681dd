import { createBrowserRouter } from "react-router";

import { Guest } from "./Guest";
import { NotFound } from "./NotFound";
import { Problem, ProblemAlone } from "./Problem";
import { Shell } from "./Shell";

/**
 * The pages. Each is loaded when it is first opened; what stands below `Guest` is for everybody, what stands below `Shell` for
 * people who are signed in. Those that mails lead to have the paths that the server writes there (`activate`, `reset-password`,
 * `unlock`, `cases/NUMBER`).
 */
export const router = createBrowserRouter([
    {
        errorElement: <ProblemAlone />,
        HydrateFallback: () => null,
        children: [
            {
                element: <Guest />,
                children: [
                    { path: "sign-in", lazy: () => import("../pages/sign-in/SignIn") },
                    { path: "sign-in/help", lazy: () => import("../pages/sign-in/Help") },
                    { path: "forgot-password", lazy: () => import("../pages/sign-in/ForgotPassword") },
                    { path: "unlock-account", lazy: () => import("../pages/sign-in/UnlockAccount") },
                    { path: "request-access", lazy: () => import("../pages/sign-in/RequestAccess") },
                    { path: "activate", lazy: () => import("../pages/sign-in/Activate") },
                    { path: "reset-password", lazy: () => import("../pages/sign-in/ResetPassword") },
                    { path: "unlock", lazy: () => import("../pages/sign-in/Unlock") },
                ],
            },
            {
                element: <Shell />,
                children: [
                    // A page that fails leaves the rest alone: signing out, and the ways to other pages.
                    {
                        errorElement: <Problem />,
                        children: [
                            { index: true, lazy: () => import("../pages/overview/Overview") },
                            { path: "support", lazy: () => import("../pages/support/Support") },
                            { path: "create", lazy: () => import("../pages/create/Create") },
                            { path: "cases/:number", lazy: () => import("../pages/case/Case") },
                            { path: "desk", lazy: () => import("../pages/desk/Desk") },
                            { path: "access-requests", lazy: () => import("../pages/requests/Requests") },
                            { path: "access-requests/:id", lazy: () => import("../pages/requests/Request") },
                            { path: "my-account", lazy: () => import("../pages/account/MyAccount") },
                            { path: "my-account/password", lazy: () => import("../pages/account/Password") },
                            { path: "*", element: <NotFound /> },
                        ],
                    },
                ],
            },
        ],
    },
]);
