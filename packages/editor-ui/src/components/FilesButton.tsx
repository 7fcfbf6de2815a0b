import Button, { type ButtonProps } from 'antd/es/button';
import { useRef } from 'react';

interface FilesButtonProps extends Pick<ButtonProps, 'type' | 'icon' | 'loading' | 'children'> {
  /** Which files the browser offers, such as `image/*`. */
  accept: string;
  multiple?: boolean;
  /** By which tests find the field behind the button. */
  testId: string;
  onFiles: (files: File[]) => void;
}

/** Asks for files of this computer. */
export function FilesButton({ accept, multiple = false, testId, onFiles, ...button }: FilesButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onClick={() => input.current?.click()} />
      <input
        ref={input}
        hidden
        type="file"
        accept={accept}
        multiple={multiple}
        data-testid={testId}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          // The same file may be chosen again.
          target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
