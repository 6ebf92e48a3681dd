import { Group, Loader, Paper, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";

import { graphql } from "../../../gql";
import type { CaseFilterInput, FindCaseQuery } from "../../../gql/graphql";
import { Status } from "../../../parts/cases/Status";

const FIND = graphql(`
    query FindCase($filter: CaseFilterInput!) {
        cases(filter: $filter, orderBy: { field: UPDATED, direction: DESC }, first: 6) {
            nodes {
                id
                number
                subject
                status
                account {
                    id
                    name
                }
                contact {
                    id
                    name
                }
            }
        }
    }
`);

/** A case that was found. */
export type FoundCase = FindCaseQuery["cases"]["nodes"][number];

/** Finds another case by its number or words of its subject, among those that fit a filter; without either, the last updated of them. */
export function FindCase(props: {
    besides: string;
    filter: Omit<CaseFilterInput, "text">;
    chosen: FoundCase | undefined;
    onChoose: (found: FoundCase | undefined) => void;
    error: string | undefined;
}) {
    const { besides, filter, chosen, onChoose, error } = props;
    const { t } = useTranslation();
    const [typed, setTyped] = useState("");
    const [text] = useDebouncedValue(typed.trim(), 200);
    const [{ data, fetching }] = useQuery({
        query: FIND,
        variables: { filter: { ...filter, text: text === "" ? null : text } },
    });
    const found = (data?.cases.nodes ?? []).filter(({ id }) => id !== besides).slice(0, 5);
    const listed = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
    return (
        <Stack gap="xs">
            <TextInput
                id="other-case"
                label={t("desk.findCase")}
                placeholder={t("desk.searchHint")}
                maxLength={200}
                autoComplete="off"
                rightSection={fetching ? <Loader size={14} aria-hidden /> : null}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                onKeyDown={(event) => {
                    // Enter is for the search; the form is sent by its button.
                    if (event.key === "Enter") event.preventDefault();
                }}
            />
            <Radio.Group
                label={t("desk.otherCase")}
                withAsterisk
                error={error}
                value={chosen?.id ?? null}
                onChange={(id) => onChoose(listed.find((each) => each.id === id))}
            >
                <Stack gap={6} mt={4}>
                    {listed.map((each) => (
                        <Paper key={each.id} withBorder px="sm" py={6} radius="md">
                            <Radio
                                value={each.id}
                                styles={{ body: { alignItems: "flex-start" }, labelWrapper: { flex: 1, minWidth: 0 } }}
                                label={
                                    <Stack component="span" gap={2}>
                                        <Group component="span" gap="xs" justify="space-between">
                                            <Text span size="sm" fw={600}>
                                                {each.number}
                                            </Text>
                                            <Status status={each.status} />
                                        </Group>
                                        <Text span size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                                            {each.subject}
                                        </Text>
                                        <Text span size="xs">
                                            {[each.account.name, each.contact.name].filter(Boolean).join(" · ")}
                                        </Text>
                                    </Stack>
                                }
                            />
                        </Paper>
                    ))}
                    {listed.length === 0 && data ? (
                        <Text size="sm" role="status">
                            {t("desk.noOtherCase")}
                        </Text>
                    ) : null}
                </Stack>
            </Radio.Group>
        </Stack>
    );
}
