with Ada.Text_IO; use Ada.Text_IO;
with Billing.Rates;

--  Totals of invoices.
package body Billing.Invoices is

   Max_Lines : constant Integer := 40;

   type Invoice is record
      Total : Float;
   end record;

   type State is (Draft, Sent);

   --  Adds taxes last.
   function Total (Item : Invoice) return Float is
      Sum : Float := 0.0;
   begin
      Sum := Billing.Rates.Apply (Item.Total);
      return Round_Up (Sum);
   end Total;

   procedure Print (Item : Invoice) is
   begin
      Put_Line ("Total");
      Show (Item);
   end Print;

   task type Printer is
      entry Start;
   end Printer;

end Billing.Invoices;
