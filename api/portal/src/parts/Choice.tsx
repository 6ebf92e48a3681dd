import { Select, type SelectProps } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

type Option = { value: string; label: string };

/**
 * A field whose choices are searched. What is none of them is said to be none below the field, rather than in a list that lies over what comes next;
 * Enter on it chooses nothing, and does not send the form with what was chosen before.
 */
export function Choice({
    data,
    nothingFound,
    ...props
}: Omit<SelectProps, "data" | "nothingFoundMessage"> & { data: readonly Option[]; nothingFound?: string }) {
    const { t } = useTranslation();
    const [typed, setTyped] = useState<string>();
    const chosen = data.find(({ value }) => value === props.value)?.label ?? "";
    const isSearched = typed !== undefined && typed !== chosen;
    const wanted = typed?.trim().toLowerCase() ?? "";
    const isNone = isSearched && wanted !== "" && !data.some(({ label }) => label.toLowerCase().includes(wanted));
    return (
        <Select
            searchable
            allowDeselect={false}
            {...props}
            data={data}
            error={isNone ? (nothingFound ?? t("noneOfThese")) : props.error}
            onSearchChange={setTyped}
            onKeyDown={(event) => {
                if (event.key === "Enter" && isSearched) event.preventDefault();
            }}
        />
    );
}
