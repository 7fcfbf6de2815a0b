import Button from 'antd/es/button';
import type { ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';

interface LinkButtonProps {
  to: string;
  children: ReactNode;
  type?: 'primary' | 'default' | 'text';
  icon?: ReactNode;
}

/** A button that goes somewhere: a real link, so that it opens in a new tab as links do. */
export function LinkButton({ to, children, type = 'primary', icon }: LinkButtonProps) {
  const navigate = useNavigate();
  return (
    <Button
      type={type}
      icon={icon}
      href={useHref(to)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        void navigate(to);
      }}
    >
      {children}
    </Button>
  );
}
