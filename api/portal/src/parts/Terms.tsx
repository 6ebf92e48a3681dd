import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Names and what they are; what is not there is left out. More may stand below. */
export function Terms({ of, children }: { of: readonly (readonly [string, ReactNode])[]; children?: ReactNode }) {
    return (
        <Stack component="dl" gap="xs" m={0}>
            {of
                .filter(([, value]) => value !== null && value !== undefined && value !== "")
                .map(([name, value]) => (
                    <Stack key={name} gap={0}>
                        <Text component="dt" size="xs">
                            {name}
                        </Text>
                        <Text
                            component="dd"
                            m={0}
                            size="sm"
                            style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
                        >
                            {value}
                        </Text>
                    </Stack>
                ))}
            {children}
        </Stack>
    );
}
