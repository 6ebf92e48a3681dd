import { Anchor, MultiSelect, NativeSelect, Paper, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useQuery } from "urql";

import { useViewer } from "../../app/session";
import { graphql } from "../../gql";
import type { CaseStatus } from "../../gql/graphql";
import { STATUSES } from "../../parts/cases/Status";
import { choices, useCatalogue } from "../../parts/cases/catalogue";
import { useColleagues } from "../../parts/cases/colleagues";
import { type ListState, PRIORITIES } from "./listState";

const PLACES = graphql(`
    query FilterPlaces($ids: [ID!]!) {
        nodes(ids: $ids) {
            id
            ... on Account {
                name
                locations(first: 100) {
                    nodes {
                        id
                        name
                        address
                    }
                }
            }
        }
    }
`);

const ACCOUNTS = graphql(`
    query FilterAccounts {
        accounts(first: 100) {
            nodes {
                id
                name
                reference
            }
        }
    }
`);

/** Who else may own a case, by name; and whoever the address names, though they work there no more. */
function useOwners(named: string): { value: string; label: string }[] {
    const { t } = useTranslation();
    const me = useViewer().person.id;
    const others = useColleagues().people.filter(({ value }) => value !== me);
    const isKnown = ["", "me", "none"].includes(named) || others.some(({ value }) => value === named);
    return isKnown ? others : [...others, { value: named, label: t("activity.somebody") }];
}

const DATES = ["updatedFrom", "updatedTo", "openedFrom", "openedTo"] as const;

/** Which cases the list shows: what is set here stands in the address at once. */
export function Filters({
    state,
    statuses,
    desk,
    change,
}: {
    state: ListState;
    statuses: readonly CaseStatus[];
    desk: boolean;
    change: (values: Record<string, string>) => void;
}) {
    const { t } = useTranslation();
    const viewer = useViewer();
    const { types, queues } = useCatalogue();
    const [{ data: found }] = useQuery({ query: ACCOUNTS, pause: !desk });
    const accounts = desk ? (found?.accounts.nodes ?? []) : viewer.accounts;
    const colleagues = useOwners(state.owner);
    const [only] = accounts;
    const chosen = state.accounts.length > 0 ? state.accounts : accounts.length === 1 && only ? [only.id] : [];
    const [{ data: placed }] = useQuery({ query: PLACES, variables: { ids: chosen }, pause: chosen.length === 0 });
    const places = (placed?.nodes ?? []).flatMap((node) => (node && "locations" in node ? node.locations.nodes : []));
    const several = (name: string) => (values: string[]) => change({ [name]: values.join(",") });
    const common = { searchable: true, clearable: true, hidePickedOptions: true } as const;
    return (
        <Paper withBorder p="md" radius="md">
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
                <MultiSelect
                    label={t("columns.STATUS")}
                    value={[...statuses]}
                    data={STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
                    onChange={several("status")}
                />
                {desk || accounts.length > 1 ? (
                    <MultiSelect
                        {...common}
                        label={t("columns.ACCOUNT")}
                        value={state.accounts}
                        data={accounts.map(({ id, name, reference }) => ({
                            value: id,
                            label: name ?? reference ?? id,
                        }))}
                        onChange={(values) => change({ account: values.join(","), location: "" })}
                    />
                ) : null}
                <MultiSelect
                    {...common}
                    label={t("columns.LOCATION")}
                    description={chosen.length === 0 ? t("support.accountFirst") : undefined}
                    disabled={chosen.length === 0}
                    value={state.locations}
                    data={places.map(({ id, name, address }) => ({
                        value: id,
                        label: [name, address].filter(Boolean).join(", "),
                    }))}
                    onChange={several("location")}
                />
                <MultiSelect
                    {...common}
                    label={t("columns.TYPE")}
                    value={state.types}
                    data={types.map(({ key, name }) => ({ value: key, label: name }))}
                    onChange={several("type")}
                />
                {desk ? (
                    <>
                        <MultiSelect
                            {...common}
                            label={t("columns.QUEUE")}
                            value={state.queues}
                            data={choices(queues ?? [])}
                            onChange={several("queue")}
                        />
                        <MultiSelect
                            {...common}
                            label={t("columns.PRIORITY")}
                            value={state.priorities}
                            data={PRIORITIES.map((priority) => ({ value: priority, label: t(`priority.${priority}`) }))}
                            onChange={several("priority")}
                        />
                        <NativeSelect
                            label={t("columns.OWNER")}
                            value={state.owner}
                            data={[
                                { value: "", label: t("support.anybody") },
                                { value: "me", label: t("support.me") },
                                { value: "none", label: t("support.nobody") },
                                ...colleagues,
                            ]}
                            onChange={(event) => change({ owner: event.currentTarget.value })}
                        />
                    </>
                ) : null}
            </SimpleGrid>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" mt="sm">
                {DATES.map((name) => (
                    <TextInput
                        key={name}
                        type="date"
                        label={t(`support.${name}`)}
                        value={state.dates[name]}
                        onChange={(event) => change({ [name]: event.currentTarget.value })}
                    />
                ))}
            </SimpleGrid>
            <Anchor component={Link} to="/support" size="sm" mt="sm" display="inline-block">
                {t("support.clear")}
            </Anchor>
        </Paper>
    );
}
