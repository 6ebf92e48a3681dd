import { Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of the account's page. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
    return (
        <Paper withBorder p="md" radius="md" component="section" aria-label={title}>
            <Stack gap="sm" align="stretch">
                <Title order={2} size="h4">
                    {title}
                </Title>
                {children}
            </Stack>
        </Paper>
    );
}
