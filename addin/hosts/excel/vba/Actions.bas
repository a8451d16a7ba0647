Attribute VB_Name = "Actions"
Option Explicit
Option Private Module

' What the buttons do. Each gives the line for the status bar, or shows its text in a window.

Public Enum CatalogueField
    FunctionName
    Family
    Signature
    Meaning
    Example
    ArgumentNames
    ArgumentHelp
End Enum

Private Const NO_SELECTION As Long = vbObjectError + 520

Public Function RefreshSelection() As String
    Dim cell As Range, refreshed As Long
    Reconnect
    For Each cell In SelectedCells().Cells
        If CallsUs(cell.Formula) Then
            Recalculate cell
            refreshed = refreshed + 1
        End If
    Next cell
    If refreshed = 0 Then
        RefreshSelection = "No cell of the selection uses one of our functions"
    Else
        RefreshSelection = refreshed & IIf(refreshed = 1, " cell", " cells") & " refreshed" & WithTrouble()
    End If
End Function

Private Function WithTrouble() As String
    Dim trouble As String
    trouble = TakeTrouble()
    If Len(trouble) > 0 Then WithTrouble = "; " & trouble
End Function

Private Function SelectedCells() As Range
    If TypeName(Selection) <> "Range" Then Err.Raise NO_SELECTION, , "Select the cells first"
    Set SelectedCells = Intersect(Selection, ActiveSheet.UsedRange)
    If SelectedCells Is Nothing Then Set SelectedCells = ActiveCell
End Function

' Calculates the cell again and listens to what fails meanwhile.
Public Function Explanation(ByVal cell As Range) As String
    Dim origin As Range, reasons As String
    Set origin = OriginOf(cell)
    If Not CallsUs(origin.Formula) Then
        Explanation = cell.Address(False, False) & " uses none of our functions."
        Exit Function
    End If
    Reconnect
    Called RIBBON_MODULE, "take_failures", Array()
    Recalculate origin
    reasons = TakeTrouble() & Called(RIBBON_MODULE, "take_failures", Array())
    If Len(reasons) = 0 Then reasons = "Our functions answered without an error."
    Explanation = origin.Address(False, False) & "   " & origin.Formula & vbNewLine & vbNewLine & reasons
End Function

' The cell whose formula a cell shows a part of.
Private Function OriginOf(ByVal cell As Range) As Range
    Dim late As Object
    Set OriginOf = cell
    If cell.HasFormula Then Exit Function
    Set late = cell
    On Error Resume Next ' SpillParent is newer than some Excels
    Set OriginOf = late.SpillParent
    If OriginOf Is Nothing Then Set OriginOf = cell
End Function

Private Sub Recalculate(ByVal cell As Range)
    If cell.HasArray Then
        cell.CurrentArray.Calculate
    Else
        cell.Calculate
    End If
End Sub

Public Function ListFunctions() As String
    Dim entry As Variant, row As Long
    With Workbooks.Add.Worksheets(1)
        .Range("A1:D1").Value = Array("Function", "Family", "Meaning", "Example")
        .Range("A1:D1").Font.Bold = True
        row = 1
        For Each entry In Catalogue()
            row = row + 1
            .Cells(row, 1).Value = entry(Signature)
            .Cells(row, 2).Value = entry(Family)
            .Cells(row, 3).Value = entry(Meaning)
            .Cells(row, 4).Value = "'" & entry(Example)
        Next entry
        .Range("A:A,C:C").ColumnWidth = 60
        .Range("B:B,D:D").ColumnWidth = 24
    End With
    ListFunctions = row - 1 & " functions"
End Function

' Takes the path of the book that a function came from out of the formulas of the active workbook.
Public Function RepairLinks() As String
    Dim sheet As Worksheet, cell As Range, repaired As Long
    Application.Calculation = xlCalculationManual
    For Each sheet In ActiveWorkbook.Worksheets
        For Each cell In sheet.UsedRange.Cells
            If cell.HasFormula Then
                If WithoutPath(cell.Formula) <> cell.Formula Then
                    PutFormula cell, WithoutPath(cell.Formula)
                    repaired = repaired + 1
                End If
            End If
        Next cell
    Next sheet
    RepairLinks = repaired & IIf(repaired = 1, " formula", " formulas") & " repaired"
End Function

Public Sub PutFormula(ByVal cell As Range, ByVal formula As String)
    Dim late As Object
    Set late = cell
    On Error Resume Next ' Formula2 is newer than some Excels, and refused inside an array formula
    late.Formula2 = formula
    If Err.Number = 0 Then Exit Sub
    On Error GoTo 0
    If cell.HasArray Then cell.CurrentArray.FormulaArray = formula Else cell.Formula = formula
End Sub

' A formula whose calls of our functions name no other book: 'C:\add-ins\customer_value.xlam'!NPS(A1) is NPS(A1).
Public Function WithoutPath(ByVal formula As String) As String
    Dim entry As Variant, found As Long, start As Long
    For Each entry In Catalogue()
        found = InStr(1, formula, "!" & entry(FunctionName) & "(", vbTextCompare)
        Do While found > 0
            start = found + 1
            If Not IsInText(formula, found) Then
                start = PrefixStart(formula, found)
                formula = Left$(formula, start - 1) & Mid$(formula, found + 1)
            End If
            found = InStr(start, formula, "!" & entry(FunctionName) & "(", vbTextCompare)
        Loop
    Next entry
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

Public Function CallsUs(ByVal formula As String) As Boolean
    Dim entry As Variant, found As Long, name As String
    If Left$(formula, 1) <> "=" Then Exit Function
    For Each entry In Catalogue()
        name = entry(FunctionName) & "("
        found = InStr(1, formula, name, vbTextCompare)
        Do While found > 0
            If Not Mid$(formula, found - 1, 1) Like "[A-Za-z0-9_.]" And Not IsInText(formula, found) Then
                CallsUs = True
                Exit Function
            End If
            found = InStr(found + 1, formula, name, vbTextCompare)
        Loop
    Next entry
End Function

' Puts the help of the functions into Excel's own function window.
Public Sub DescribeFunctions()
    Dim entry As Variant
    On Error Resume Next ' without it the functions work all the same
    For Each entry In Catalogue()
        Application.MacroOptions _
            Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & entry(FunctionName), _
            Description:=entry(Meaning), _
            Category:=TITLE, _
            ArgumentDescriptions:=entry(ArgumentHelp)
    Next entry
End Sub
