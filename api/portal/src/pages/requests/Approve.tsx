import { MultiSelect, Radio, Select, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFields } from "../../parts/fields";
import { AccountPicker, type PickedAccount } from "../create/AccountPicker";
import { useAccount } from "../create/useAccount";
import { Answer, Asks, Authority, type Deciding } from "./Answer";

/** Gives somebody access to an account, once it is sure that they may have it. */
export function Approve(props: Deciding) {
    const { of, person } = props;
    const { t } = useTranslation();
    const [account, setAccount] = useState<PickedAccount>();
    const [locations, setLocations] = useState<string[]>([]);
    const [role, setRole] = useState("MEMBER");
    const several = person.knownAs.length > 1;
    const form = useFields(
        { accountId: t("columns.ACCOUNT"), personId: t("requests.person"), authority: t("requests.authority") },
        { optional: several ? [] : ["personId"] },
    );
    const { locations: places } = useAccount(account?.id ?? "", "");
    return (
        <Answer
            {...props}
            form={form}
            submit={t("requests.approve")}
            decision={() => ({
                approve: {
                    accountId: form.values.accountId,
                    role: role === "ADMIN" ? "ADMIN" : "MEMBER",
                    locationIds: role === "ADMIN" || locations.length === 0 ? null : locations,
                    authority: form.values.authority.trim(),
                    personId: form.values.personId || null,
                },
            })}
        >
            <Asks of={of} />
            <AccountPicker
                chosen={account}
                className={undefined}
                error={form.input("accountId").error}
                onPick={(picked, locationId) => {
                    setAccount(picked);
                    setLocations(locationId === undefined ? [] : [locationId]);
                    form.set("accountId", picked.id);
                }}
            />
            {several ? (
                <Select
                    {...form.choice("personId")}
                    withAsterisk
                    description={t("requests.severalText")}
                    data={person.knownAs.map(({ id, name }) => ({ value: id, label: name ?? id }))}
                />
            ) : null}
            <Radio.Group label={t("requests.role")} value={role} onChange={setRole}>
                <Stack gap="xs" mt={4}>
                    <Radio value="MEMBER" label={t("requests.roles.MEMBER")} description={t("requests.memberText")} />
                    <Radio value="ADMIN" label={t("requests.roles.ADMIN")} description={t("requests.adminText")} />
                </Stack>
            </Radio.Group>
            {role === "MEMBER" && places.length > 0 ? (
                <MultiSelect
                    label={t("requests.locations")}
                    description={t("requests.locationsText")}
                    searchable
                    clearable
                    hidePickedOptions
                    data={places}
                    value={locations}
                    onChange={setLocations}
                />
            ) : null}
            <Authority field={form.input("authority")} />
        </Answer>
    );
}
