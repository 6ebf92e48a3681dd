import { Group, Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { ListedFragment } from "../../gql/graphql";
import { cell } from "./columns";
import styles from "./table.module.css";
import type { Column, ListState } from "./listState";

/** Cases as a table, whose column titles sort it; what changes as often as these is wanted the newest first. */
export function CaseTable({
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
    const sort = (column: Column) => {
        const ascending = column === state.sort ? !state.ascending : column !== "UPDATED" && column !== "OPENED";
        change({ sort: column === "UPDATED" && !ascending ? "" : column, dir: ascending ? "asc" : "" });
    };
    return (
        <Table.ScrollContainer
            minWidth={columns.length * 88}
            scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": t("support.table") } }}
        >
            <Table highlightOnHover verticalSpacing="xs" horizontalSpacing={6} fz={13}>
                <Table.Thead>
                    <Table.Tr>
                        {columns.map((column) => (
                            <Table.Th
                                key={column}
                                scope="col"
                                className={classOf(column)}
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
                                    <Group component="span" gap={4} wrap="nowrap" align="flex-start">
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
                                <Table.Td
                                    key={column}
                                    valign="top"
                                    miw={column === "SUBJECT" ? 150 : undefined}
                                    className={column === "SUBJECT" ? styles["subject"] : classOf(column)}
                                >
                                    {column === "SUBJECT" ? (
                                        cell(column, each, t)
                                    ) : (
                                        <div className={styles["text"]}>{cell(column, each, t)}</div>
                                    )}
                                </Table.Td>
                            ))}
                        </Table.Tr>
                    ))}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

/** When a case moved last is what people look for first: it stays in view, however many columns there are. */
function classOf(column: Column): string {
    return (column === "UPDATED" ? styles["last"] : styles["cell"]) ?? "";
}

function Arrow({ on, ascending }: { on: boolean; ascending: boolean }) {
    // Eleven of them would take the room of a column.
    if (!on) return null;
    return ascending ? <IconArrowUp size={14} aria-hidden /> : <IconArrowDown size={14} aria-hidden />;
}
