import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { RouterProvider } from "react-router";

import { useBrand } from "./brand";
import { nonce, shareNonce } from "./nonce";
import { router } from "./router";
import { SessionProvider } from "./session";
import { readable, themeOf } from "./theme";

shareNonce();

/** The portal. */
export function App() {
    return (
        <SessionProvider>
            <Themed />
        </SessionProvider>
    );
}

function Themed() {
    const brand = useBrand();
    const theme = useMemo(() => themeOf(brand), [brand]);
    return (
        <MantineProvider theme={theme} cssVariablesResolver={readable} defaultColorScheme="auto" getStyleNonce={nonce}>
            <Notifications position="top-right" />
            <RouterProvider router={router} />
        </MantineProvider>
    );
}
