import { Group, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ListedFragment } from "../../gql/graphql";
import styles from "./cards.module.css";
import { cell } from "./columns";
import type { Column, ListState } from "./listState";

const FIRST: readonly Column[] = ["NUMBER", "SUBJECT", "STATUS"];

/** Cases below each other, where a table has no room. */
export function CaseCards({
    cases,
    state,
    columns,
    change,
}: {
    cases: readonly ListedFragment[];
    state: Pick<ListState, "sort" | "ascending">;
    columns: readonly Column[];
    change: (values: Record<string, string>) => void;
}) {
    const { t } = useTranslation();
    return (
        <Stack gap="sm">
            <Group gap="xs" grow>
                <NativeSelect
                    label={t("support.sortBy")}
                    value={state.sort}
                    data={columns.map((column) => ({ value: column, label: t(`columns.${column}`) }))}
                    onChange={(event) => change({ sort: event.currentTarget.value })}
                />
                <NativeSelect
                    label={t("support.direction")}
                    value={state.ascending ? "asc" : "desc"}
                    data={[
                        { value: "asc", label: t("support.ascending") },
                        { value: "desc", label: t("support.descending") },
                    ]}
                    onChange={(event) => change({ dir: event.currentTarget.value === "asc" ? "asc" : "" })}
                />
            </Group>
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
                {cases.map((each) => (
                    <Paper key={each.id} component="li" withBorder p="sm" radius="md" data-case={each.number}>
                        <Group justify="space-between">
                            {cell("NUMBER", each, t)}
                            {cell("STATUS", each, t)}
                        </Group>
                        <Text component="div" size="sm" fw={500} my={4}>
                            {cell("SUBJECT", each, t)}
                        </Text>
                        <dl className={styles["facts"]}>
                            {columns
                                .filter((column) => !FIRST.includes(column))
                                .map((column) => ({ column, shown: cell(column, each, t) }))
                                .filter(({ shown }) => shown !== null && shown !== undefined)
                                .map(({ column, shown }) => (
                                    <div key={column}>
                                        <Text component="dt" size="sm" c="dimmed">
                                            {t(`columns.${column}`)}
                                        </Text>
                                        <Text component="dd" m={0} size="sm">
                                            {shown}
                                        </Text>
                                    </div>
                                ))}
                        </dl>
                    </Paper>
                ))}
            </Stack>
        </Stack>
    );
}
