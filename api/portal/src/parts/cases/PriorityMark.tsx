import { Box, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Priority } from "../../gql/graphql";

const COLORS: Partial<Record<Priority, string>> = { CRITICAL: "red.7", HIGH: "orange.6" };

/** How urgent a case is: in a word, and marked where that is more than usual. */
export function PriorityMark({ priority }: { priority: Priority }) {
    const { t } = useTranslation();
    const color = COLORS[priority];
    return (
        <Text span inherit fw={color ? 600 : 400} style={{ whiteSpace: "nowrap" }}>
            {color ? (
                <Box component="span" display="inline-block" w={8} h={8} mr={6} bg={color} bdrs={2} aria-hidden />
            ) : null}
            {t(`priority.${priority}`)}
        </Text>
    );
}
