import { Select, type SelectProps } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

type Option = { value: string; label: string };

/**
 * A field whose choices are searched. What is none of them is said to be none below the field, rather than in a list that lies over what comes next,
 * and stays said until something else is typed or chosen: `onNone` tells the form, which is not to take what the field said before. Enter on it does not
 * send the form.
 */
export function Choice({
    data,
    nothingFound,
    onNone,
    ...props
}: Omit<SelectProps, "data" | "nothingFoundMessage"> & {
    data: readonly Option[];
    nothingFound?: string;
    onNone?: (isNone: boolean) => void;
}) {
    const { t } = useTranslation();
    const [typed, setTyped] = useState<string>();
    const [isNone, setNone] = useState(false);
    const chosen = data.find(({ value }) => value === props.value)?.label ?? "";
    const tell = (none: boolean) => {
        setNone(none);
        onNone?.(none);
    };
    const search = (text: string) => {
        setTyped(text);
        // Whoever leaves the field has it say again what was chosen: nothing that they typed.
        if (text === "" || text === chosen) return;
        const wanted = text.trim().toLowerCase();
        const none = wanted !== "" && !data.some(({ label }) => label.toLowerCase().includes(wanted));
        tell(none);
    };
    return (
        <Select
            searchable
            allowDeselect={false}
            {...props}
            data={data}
            error={isNone ? (nothingFound ?? t("noneOfThese")) : props.error}
            onSearchChange={search}
            // The same again is no change, and chosen nevertheless.
            onOptionSubmit={(value) => {
                tell(false);
                setTyped(data.find((each) => each.value === value)?.label);
            }}
            onKeyDown={(event) => {
                if (event.key === "Enter" && typed !== undefined && typed !== chosen) event.preventDefault();
            }}
        />
    );
}
