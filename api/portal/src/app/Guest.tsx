import { Center, Container, Group, Image, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Outlet } from "react-router";

import { LanguageMenu } from "../parts/LanguageMenu";
import { useBrand } from "./brand";

/** What stands around pages for people who have not signed in. */
export function Guest() {
    return (
        <Sheet>
            <Outlet />
        </Sheet>
    );
}

/** One sheet in the middle, below the portal's name. */
export function Sheet({ children }: { children: ReactNode }) {
    const brand = useBrand();
    return (
        <Container size="xs" py={{ base: "md", sm: 64 }} px="sm">
            <Stack gap="lg">
                <Group justify="space-between" component="header">
                    <Group gap="xs">
                        {brand?.logo ? <Image src={brand.logo} alt="" h={32} w="auto" /> : null}
                        <Text fw={700} size="lg">
                            {brand?.portalName ?? " "}
                        </Text>
                    </Group>
                    <LanguageMenu />
                </Group>
                <Center component="main" id="main" tabIndex={-1} w="100%">
                    <Paper withBorder shadow="xs" p={{ base: "md", xs: "xl" }} w="100%" radius="md">
                        {children}
                    </Paper>
                </Center>
            </Stack>
        </Container>
    );
}
