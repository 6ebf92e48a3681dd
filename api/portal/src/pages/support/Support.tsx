import { Anchor, Button, Group, Skeleton, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconFilter, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useQuery } from "urql";

import { isDesk, useViewer } from "../../app/session";
import { graphql } from "../../gql";
import { Empty } from "../../parts/Empty";
import { Listing } from "../../parts/Listing";
import { Page } from "../../parts/Page";
import { type Change, pageOf, useAddress } from "../../parts/address";
import { STATUSES } from "../../parts/cases/Status";
import { CaseCards } from "./CaseCards";
import { CaseTable } from "./CaseTable";
import { Filters } from "./Filters";
import { COLUMNS, DESK_COLUMNS, type ListState, filterOf, filtersSet, fromAddress, wantedStatuses } from "./listState";

const LIST = graphql(`
    query CaseList(
        $filter: CaseFilterInput!
        $anyStatus: CaseFilterInput!
        $orderBy: CaseOrderInput!
        $first: Int
        $after: String
        $last: Int
        $before: String
        $desk: Boolean!
    ) {
        cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
            ...ListedPage
        }
        all: cases(filter: $anyStatus) {
            totalCount
        }
    }
`);

const PAGE = 25;

/** The list of cases, as the address says: filtered, sorted, a page of it. */
export function Component() {
    const { t } = useTranslation();
    const viewer = useViewer();
    const desk = isDesk(viewer);
    const [search, change] = useAddress();
    const state = fromAddress(search);
    const statuses = wantedStatuses(state);
    const anyStatus = filterOf(state, viewer.person.id, desk);
    const [{ data, error, fetching, stale }, read] = useQuery({
        query: LIST,
        variables: {
            filter: { ...anyStatus, statuses: statuses.length === STATUSES.length ? null : [...statuses] },
            anyStatus,
            orderBy: { field: state.sort, direction: state.ascending ? "ASC" : "DESC" },
            ...pageOf(state, PAGE),
            desk,
        },
    });
    const [filtersShown, filters] = useDisclosure(false);
    const wide = useMediaQuery("(min-width: 48em)", true, { getInitialValueInEffect: false });

    const shown = data?.cases;
    const set = filtersSet(state);
    const columns = desk ? [...COLUMNS, ...DESK_COLUMNS] : COLUMNS;
    const list = { cases: shown?.nodes ?? [], state, columns, change };

    return (
        <Page
            title={t("support.title")}
            aside={
                <Group gap="xs" align="flex-end" w={{ base: "100%", sm: "auto" }}>
                    <SearchBox text={state.text} change={change} />
                    <Button
                        variant="default"
                        leftSection={<IconFilter size={16} aria-hidden />}
                        aria-expanded={filtersShown}
                        aria-controls="filters"
                        onClick={filters.toggle}
                    >
                        {t("support.filters")}
                        {set > 0 ? ` (${set})` : ""}
                    </Button>
                </Group>
            }
        >
            <div id="filters" hidden={!filtersShown}>
                {filtersShown ? <Filters state={state} statuses={statuses} desk={desk} change={change} /> : null}
            </div>
            {error && !shown ? null : (
                <Showing state={state} count={shown?.totalCount} all={data?.all.totalCount} change={change} />
            )}
            <Listing
                of={shown}
                error={stale ? undefined : error}
                fetching={fetching}
                retry={() => read({ requestPolicy: "network-only" })}
                change={change}
                nothing={<Nothing state={state} change={change} all={data?.all.totalCount ?? 0} />}
            >
                {wide ? <CaseTable {...list} /> : <CaseCards {...list} />}
            </Listing>
        </Page>
    );
}

function SearchBox({ text, change }: { text: string; change: Change }) {
    const { t } = useTranslation();
    const [typed, setTyped] = useState(text);
    const [known, setKnown] = useState(text);
    // The address may change from elsewhere; what is being typed is only replaced where it says something else.
    if (text !== known) {
        setKnown(text);
        if (text !== typed.trim()) setTyped(text);
    }
    const later = useDebouncedCallback((value: string) => change({ q: value.trim() }), {
        delay: 600,
        flushOnUnmount: false,
    });
    return (
        <form
            role="search"
            style={{ flexGrow: 1 }}
            onSubmit={(event) => {
                event.preventDefault();
                later.cancel();
                change({ q: typed.trim() });
            }}
        >
            <TextInput
                id="search"
                type="search"
                w={{ sm: 340 }}
                aria-label={t("support.search")}
                placeholder={t("support.searchHint")}
                value={typed}
                maxLength={200}
                leftSection={<IconSearch size={16} aria-hidden />}
                onChange={(event) => {
                    setTyped(event.currentTarget.value);
                    later(event.currentTarget.value);
                }}
            />
        </form>
    );
}

/** Says what the list shows and what it leaves out. */
function Showing(props: { state: ListState; count: number | undefined; all: number | undefined; change: Change }) {
    const { t } = useTranslation();
    const { state, count, all, change } = props;
    if (count === undefined || all === undefined) return <Skeleton height={22} width={220} />;
    const names = state.statuses.map((status) => t(`status.${status}`)).join(", ");
    const everything = state.statuses.length === STATUSES.length || (state.statuses.length === 0 && state.text !== "");
    const what = everything ? t("support.all") : names || t("status.NEW");
    return (
        <Group gap="xs" role="status">
            <Text size="sm">
                {t("support.showing", { what, count, all })}
                {state.text !== "" && state.statuses.length === 0 ? ` ${t("support.searchesAll")}` : ""}
            </Text>
            {everything ? (
                state.text === "" ? (
                    <Anchor component="button" type="button" size="sm" onClick={() => change({ status: "" })}>
                        {t("support.showNew")}
                    </Anchor>
                ) : null
            ) : (
                <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    onClick={() => change({ status: STATUSES.join(",") })}
                >
                    {t("support.showAll")}
                </Anchor>
            )}
        </Group>
    );
}

function Nothing({ state, all, change }: { state: ListState; all: number; change: Change }) {
    const { t } = useTranslation();
    if (all > 0) {
        return (
            <Empty title={t("support.noneHere")}>
                <Text size="sm">{t("support.noneHereText", { count: all })}</Text>
                <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    onClick={() => change({ status: STATUSES.join(",") })}
                >
                    {t("support.showAll")}
                </Anchor>
            </Empty>
        );
    }
    if (state.text !== "" || filtersSet(state) > 0) {
        return (
            <Empty title={t("support.noneFound")}>
                <Text size="sm">{t("support.noneFoundText")}</Text>
                <Anchor component={Link} to="/support" size="sm">
                    {t("support.clear")}
                </Anchor>
            </Empty>
        );
    }
    return (
        <Empty title={t("support.none")}>
            <Text size="sm">{t("support.noneText")}</Text>
            <Anchor component={Link} to="/create">
                {t("create.title")}
            </Anchor>
        </Empty>
    );
}
