import { Group, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ListedFragment } from "../../gql/graphql";
import styles from "./cards.module.css";
import { cell } from "./columns";
import type { Column, ListState } from "./listState";

/** What has a place of its own on a card. */
const PLACED: readonly Column[] = ["NUMBER", "UPDATED", "STATUS", "SUBJECT"];

/** What stands below that, where the list has it: what it is, needs no word to be known by. */
const BELOW: readonly Column[] = ["PRIORITY", "TYPE", "ACCOUNT", "QUEUE", "OWNER"];

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
            <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
                {cases.map((each) => (
                    <Card key={each.id} of={each} columns={columns} sort={state.sort} />
                ))}
            </Stack>
        </Stack>
    );
}

/** A case in three lines; what the list is sorted by is there as well, with its name. */
function Card({ of, columns, sort }: { of: ListedFragment; columns: readonly Column[]; sort: Column }) {
    const { t } = useTranslation();
    const isNamed = (column: Column) => column === sort && !BELOW.includes(column);
    // Queues are for types, mostly of the same name.
    const hidden: readonly Column[] = columns.includes("QUEUE") && sort !== "TYPE" ? [...PLACED, "TYPE"] : PLACED;
    const below = [...BELOW, sort]
        .filter((column, at, all) => columns.includes(column) && !hidden.includes(column) && all.indexOf(column) === at)
        .map((column) => ({ column, shown: cell(column, of, t) }))
        .filter(({ shown }) => shown !== null && shown !== undefined);
    return (
        <Paper component="li" withBorder px="sm" py="xs" radius="md" data-case={of.number}>
            <div className={styles["head"]}>
                {cell("NUMBER", of, t)}
                <Text component="div" size="xs" c="dimmed" className={styles["when"] ?? ""}>
                    {cell("UPDATED", of, t)}
                </Text>
                {cell("STATUS", of, t)}
            </div>
            <Text component="div" size="sm" fw={500} className={styles["subject"] ?? ""}>
                {cell("SUBJECT", of, t)}
            </Text>
            <Text component="dl" size="xs" c="dimmed" className={styles["facts"] ?? ""}>
                {below.map(({ column, shown }) => (
                    <div key={column}>
                        <dt className={isNamed(column) ? undefined : styles["unseen"]}>{t(`columns.${column}`)}: </dt>
                        <dd>{shown}</dd>
                    </div>
                ))}
            </Text>
        </Paper>
    );
}
