import { Text } from "@mantine/core";

import { Refused } from "../../parts/Refused";

/** Why something was not done. */
export function Problems({ of }: { of: readonly string[] }) {
    if (of.length === 0) return null;
    return (
        <Refused why={of}>
            {of.map((problem) => (
                <Text key={problem} size="sm">
                    {problem}
                </Text>
            ))}
        </Refused>
    );
}
