import { MantineProvider } from "@mantine/core";
import { useMemo } from "react";
import { RouterProvider } from "react-router";

import { useBrand } from "./brand";
import { nonce, shareNonce } from "./nonce";
import { router } from "./router";
import { SessionProvider } from "./session";
import { readable, themeOf, useShades } from "./theme";

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
    const shades = useShades(useBrand()?.primaryColor);
    const theme = useMemo(() => themeOf(shades), [shades]);
    return (
        <MantineProvider theme={theme} cssVariablesResolver={readable} defaultColorScheme="auto" getStyleNonce={nonce}>
            <RouterProvider router={router} />
        </MantineProvider>
    );
}
