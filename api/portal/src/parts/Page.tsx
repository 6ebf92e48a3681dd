import { Group, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

import { useBrand } from "../app/brand";

/** From how many characters on a title is set smaller: it may be what somebody wrote. */
const LONG = 60;

/** A page with its title, which is the document's too. Focus goes to its main part when it is opened (WCAG 2.2, 2.4.3). */
export function Page({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
    const name = useBrand()?.portalName;
    useEffect(() => {
        document.title = name ? `${title} - ${name}` : title;
    }, [title, name]);
    useEffect(() => {
        const main = document.getElementById("main");
        if (main && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
        window.scrollTo(0, 0);
    }, []);
    return (
        <Stack gap="md">
            <Group justify="space-between" align="flex-end">
                <Title order={1} size={title.length > LONG ? "h3" : "h2"} style={{ overflowWrap: "anywhere" }}>
                    {title}
                </Title>
                {aside}
            </Group>
            {children}
        </Stack>
    );
}
