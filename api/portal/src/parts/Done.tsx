import { Alert } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";

/** Says that something was done, in the place of the form that asked for it; it takes the focus that the form had. */
export function Done({ title, children }: { title: string; children?: ReactNode }) {
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => box.current?.focus(), []);
    return (
        <Alert
            ref={box}
            tabIndex={-1}
            role="status"
            color="green"
            variant="outline"
            icon={<IconCircleCheck aria-hidden />}
            title={title}
        >
            {children}
        </Alert>
    );
}
