import { Select, type SelectProps } from "@mantine/core";
import { useState } from "react";

type Option = { value: string; label: string };

/** A field whose choices are searched. Enter on what is none of them chooses nothing, and does not send the form with what was chosen before. */
export function Choice({ data, ...props }: Omit<SelectProps, "data"> & { data: readonly Option[] }) {
    const [typed, setTyped] = useState<string>();
    const chosen = data.find(({ value }) => value === props.value)?.label ?? "";
    return (
        <Select
            searchable
            allowDeselect={false}
            {...props}
            data={data}
            onSearchChange={setTyped}
            onKeyDown={(event) => {
                if (event.key === "Enter" && typed !== undefined && typed !== chosen) event.preventDefault();
            }}
        />
    );
}
