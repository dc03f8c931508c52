unit Invoices;

interface

uses
  SysUtils, Classes, Billing.Rates;

const
  MaxLines = 40;

type
  { Totals the lines of an invoice. }
  TInvoice = class(TDocument, IPrintable)
  private
    FTotal: Currency;
  public
    constructor Create(AOwner: TComponent);
    function Total: Currency;
    property Count: Integer read FCount;
  end;

  IPrintable = interface
    procedure Print;
  end;

function RoundUp(Value: Currency): Currency;

implementation

constructor TInvoice.Create(AOwner: TComponent);
begin
  inherited Create(AOwner);
end;

// Taxes are added last.
function TInvoice.Total: Currency;
begin
  Result := RoundUp(SumLines(FLines));
end;

function RoundUp(Value: Currency): Currency;
begin
  Result := Ceil(Value);
end;

end.
