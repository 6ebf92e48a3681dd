import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";

import { graphql } from "../../gql";

const FIRST_ACCOUNTS = graphql(`
    query FirstAccounts {
        accounts(first: 20) {
            nodes {
                id
                name
                reference
            }
        }
    }
`);

const PICK = graphql(`
    query PickAccount($text: String!) {
        accountPicker(text: $text, first: 20) {
            account {
                id
                name
                reference
            }
            location {
                id
                name
                address
                reference
            }
        }
    }
`);

/** An account as a choice. */
export interface PickedAccount {
    id: string;
    name?: string | null;
    reference?: string | null;
}

const told = (parts: (string | null | undefined)[]) => parts.filter(Boolean).join(", ");

/** Finds accounts and their locations by street address, name or reference number; a location fills both fields. */
export function AccountPicker({
    chosen,
    className,
    error,
    onPick,
}: {
    chosen: PickedAccount | undefined;
    className: string | undefined;
    error: string | undefined;
    onPick: (account: PickedAccount, locationId: string | undefined) => void;
}) {
    const { t } = useTranslation();
    const [typed, setTyped] = useState("");
    const own = chosen ? told([chosen.name, chosen.reference]) : "";
    const [text] = useDebouncedValue(typed.trim() === own ? "" : typed.trim(), 200);
    const [{ data: first }] = useQuery({ query: FIRST_ACCOUNTS, requestPolicy: "cache-first" });
    const [{ data: found, fetching }] = useQuery({ query: PICK, variables: { text }, pause: text === "" });

    const picks =
        text === ""
            ? (first?.accounts.nodes ?? []).map((account) => ({ account, location: null }))
            : (found?.accountPicker ?? []);
    const options = new Map<string, { label: string; account: PickedAccount; location: string | undefined }>();
    if (chosen) options.set(chosen.id, { label: own, account: chosen, location: undefined });
    for (const { account, location } of picks) {
        options.set(location?.id ?? account.id, {
            label: location
                ? `${told([location.name, location.address, location.reference])} (${account.name ?? ""})`
                : told([account.name, account.reference]),
            account,
            location: location?.id,
        });
    }
    return (
        <Select
            id="accountId"
            label={t("create.account")}
            description={t("create.accountHelp")}
            placeholder={t("create.accountHint")}
            withAsterisk
            required
            searchable
            allowDeselect={false}
            classNames={{ input: className }}
            error={error}
            data={[...options].map(([value, { label }]) => ({ value, label }))}
            value={chosen?.id ?? null}
            searchValue={typed}
            onSearchChange={setTyped}
            filter={({ options: all }) =>
                text === "" ? all : all.filter((each) => !("value" in each) || each.value !== chosen?.id)
            }
            nothingFoundMessage={fetching ? t("loading") : t("create.noAccount")}
            onChange={(value) => {
                const picked = value === null ? undefined : options.get(value);
                if (!picked) return;
                onPick(picked.account, picked.location);
                setTyped(told([picked.account.name, picked.account.reference]));
            }}
            selectFirstOptionOnChange
        />
    );
}
