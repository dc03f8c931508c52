import { Button } from './button';

interface Props {
  title: string;
}

/** Shows an invoice. */
export function InvoiceCard({ title }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Card>
      <Button onClick={() => setOpen(true)}>{formatTitle(title)}</Button>
    </Card>
  );
}

export const Empty = () => <Card />;
