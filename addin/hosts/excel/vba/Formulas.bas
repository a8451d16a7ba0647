Attribute VB_Name = "Formulas"
Option Explicit
Option Private Module

' Formulas as text: whether they call us, what path stands in them, and how the user's Excel spells them.

Private Enum Mark
    DecimalMark
    ArgumentMark
    ColumnMark
    RowMark
End Enum

Public Function CallsUs(ByVal formula As String) As Boolean
    Dim known As Variant, found As Long
    If Left$(formula, 1) <> "=" Then Exit Function
    For Each known In FunctionNames()
        found = InStr(1, formula, known & "(", vbTextCompare)
        Do While found > 0
            If Not Mid$(formula, found - 1, 1) Like "[A-Za-z0-9_.]" And Not IsInText(formula, found) Then
                CallsUs = True
                Exit Function
            End If
            found = InStr(found + 1, formula, known & "(", vbTextCompare)
        Loop
    Next known
End Function

' A formula whose calls of our functions name no other book: 'C:\add-ins\customer_value.xlam'!NPS(A1) is NPS(A1).
Public Function WithoutPath(ByVal formula As String) As String
    Dim known As Variant, found As Long, start As Long
    For Each known In FunctionNames()
        found = InStr(1, formula, "!" & known & "(", vbTextCompare)
        Do While found > 0
            start = found + 1
            If Not IsInText(formula, found) Then
                start = PrefixStart(formula, found)
                formula = Left$(formula, start - 1) & Mid$(formula, found + 1)
            End If
            found = InStr(start, formula, "!" & known & "(", vbTextCompare)
        Loop
    Next known
    WithoutPath = formula
End Function

Private Function PrefixStart(ByVal formula As String, ByVal bang As Long) As Long
    PrefixStart = bang
    If Mid$(formula, bang - 1, 1) = "'" Then
        PrefixStart = bang - 1
        Do
            PrefixStart = InStrRev(formula, "'", PrefixStart - 1)
            If PrefixStart < 2 Then Exit Do
            If Mid$(formula, PrefixStart - 1, 1) <> "'" Then Exit Do
            PrefixStart = PrefixStart - 1
        Loop
    Else
        Do While Mid$(formula, PrefixStart - 1, 1) Like "[A-Za-z0-9_.[]" Or Mid$(formula, PrefixStart - 1, 1) = "]"
            PrefixStart = PrefixStart - 1
        Loop
    End If
End Function

Private Function IsInText(ByVal formula As String, ByVal position As Long) As Boolean
    Dim before As String
    before = Left$(formula, position)
    IsInText = (Len(before) - Len(Replace(before, """", ""))) Mod 2 = 1
End Function

' A formula of ours as the user types it: =CHURN(2.5,100) is =CHURN(2,5;100) where a comma is the decimal mark.
Public Function AsTyped(ByVal formula As String) As String
    AsTyped = Respelled(formula, OwnMarks(), UserMarks())
End Function

' What the user typed, as Excel's own language has it; names of Excel's own functions stay as they are.
Public Function AsOwn(ByVal formula As String) As String
    AsOwn = Respelled(formula, UserMarks(), OwnMarks())
End Function

Private Function OwnMarks() As Variant
    OwnMarks = Array(".", ",", ",", ";")
End Function

Private Function UserMarks() As Variant
    UserMarks = Array(Application.International(xlDecimalSeparator), Application.International(xlListSeparator), _
        Application.International(xlColumnSeparator), Application.International(xlRowSeparator))
End Function

Private Function Respelled(ByVal formula As String, ByVal marks As Variant, ByVal others As Variant) As String
    Dim i As Long, letter As String, quote As String, inArray As Boolean
    For i = 1 To Len(formula)
        letter = Mid$(formula, i, 1)
        If Len(quote) > 0 Then
            If letter = quote Then quote = ""
        ElseIf letter = """" Or letter = "'" Then
            quote = letter
        ElseIf letter = "{" Or letter = "}" Then
            inArray = letter = "{"
        ElseIf letter = marks(DecimalMark) And Mid$(formula, i + 1, 1) Like "#" And _
            (Not inArray Or marks(DecimalMark) <> marks(ColumnMark)) Then
            letter = others(DecimalMark)
        ElseIf Not inArray And letter = marks(ArgumentMark) Then
            letter = others(ArgumentMark)
        ElseIf inArray And letter = marks(ColumnMark) Then
            letter = others(ColumnMark)
        ElseIf inArray And letter = marks(RowMark) Then
            letter = others(RowMark)
        End If
        Respelled = Respelled & letter
    Next i
End Function

' The formula of a cell; a spilling one as Excel with spills has it, which adds no @ to it.
Public Function FormulaOf(ByVal cell As Range) As String
    Dim late As Object
    Set late = cell
    FormulaOf = cell.Formula
    On Error Resume Next ' Formula2 is newer than some Excels
    FormulaOf = late.Formula2
End Function

' Writes a formula as FormulaOf gives it.
Public Sub PutFormula(ByVal cell As Range, ByVal formula As String)
    Dim late As Object
    Set late = cell
    On Error Resume Next ' Formula2 is newer than some Excels, and refused inside an array formula
    late.Formula2 = formula
    If Err.Number = 0 Then Exit Sub
    On Error GoTo 0
    If cell.HasArray Then cell.CurrentArray.FormulaArray = formula Else cell.Formula = formula
End Sub

' Writes what the user typed, in the language and with the marks of the user's Excel.
Public Sub PutTyped(ByVal cell As Range, ByVal formula As String)
    Dim late As Object
    Set late = cell
    On Error Resume Next ' Formula2Local is newer than some Excels
    late.Formula2Local = formula
    If Err.Number = 0 Then Exit Sub
    On Error GoTo 0
    cell.FormulaLocal = formula
End Sub
