import { Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** What stands where nothing is yet: what would be there, and how it comes to be. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
    return (
        <Paper withBorder p="lg" radius="md">
            <Stack gap="xs" align="flex-start">
                <Text fw={600}>{title}</Text>
                {children}
            </Stack>
        </Paper>
    );
}
