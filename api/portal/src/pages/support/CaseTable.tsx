import { Group, Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Listed } from "./Support";
import { cell } from "./columns";
import styles from "./table.module.css";
import { COLUMNS, type Column, DESK_COLUMNS, type ListState } from "./listState";

/** Cases as a table, whose column titles sort it. */
export function CaseTable({
    cases,
    state,
    desk,
    change,
}: {
    cases: readonly Listed[];
    state: ListState;
    desk: boolean;
    change: (values: Record<string, string>) => void;
}) {
    const { t } = useTranslation();
    const columns: readonly Column[] = desk ? [...COLUMNS, ...DESK_COLUMNS] : COLUMNS;
    const sort = (column: Column) => {
        const ascending = column === state.sort ? !state.ascending : column !== "UPDATED" && column !== "OPENED";
        change({ sort: column === "UPDATED" && !ascending ? "" : column, dir: ascending ? "asc" : "" });
    };
    return (
        <Table.ScrollContainer
            minWidth={1100}
            scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": t("support.table") } }}
        >
            <Table highlightOnHover verticalSpacing="xs" horizontalSpacing={8} fz={13}>
                <Table.Thead>
                    <Table.Tr>
                        {columns.map((column) => (
                            <Table.Th
                                key={column}
                                scope="col"
                                aria-sort={
                                    column !== state.sort ? undefined : state.ascending ? "ascending" : "descending"
                                }
                            >
                                <UnstyledButton
                                    fz={13}
                                    fw={600}
                                    className={styles["title"] ?? ""}
                                    onClick={() => sort(column)}
                                >
                                    <Group gap={4} wrap="nowrap">
                                        {t(`columns.${column}`)}
                                        <Arrow on={column === state.sort} ascending={state.ascending} />
                                    </Group>
                                </UnstyledButton>
                            </Table.Th>
                        ))}
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {cases.map((each) => (
                        <Table.Tr key={each.id} data-case={each.number}>
                            {columns.map((column) => (
                                <Table.Td key={column} valign="top" miw={column === "SUBJECT" ? 200 : undefined}>
                                    {cell(column, each, t)}
                                </Table.Td>
                            ))}
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

function Arrow({ on, ascending }: { on: boolean; ascending: boolean }) {
    // Eleven of them would take the room of a column.
    if (!on) return null;
    return ascending ? <IconArrowUp size={14} aria-hidden /> : <IconArrowDown size={14} aria-hidden />;
}
