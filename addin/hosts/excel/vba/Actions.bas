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
Private Const RETRY_SECONDS As Long = 3

Public Function RefreshSelection() As String
    Dim cell As Range, refreshed As Long
    For Each cell In SelectedCells().Cells
        If CallsUs(cell.Formula) Then
            Recalculate cell
            refreshed = refreshed + 1
        End If
    Next cell
    If refreshed = 0 Then
        RefreshSelection = "No cell of the selection uses one of our functions"
    Else
        Called FAILURES_MODULE, "take_failures", Array() ' or the reason why Python does not answer
        RefreshSelection = refreshed & IIf(refreshed = 1, " cell", " cells") & " refreshed"
    End If
End Function

Private Function SelectedCells() As Range
    If TypeName(Selection) <> "Range" Then Err.Raise NO_SELECTION, , "Select the cells first"
    Set SelectedCells = Intersect(Selection, ActiveSheet.UsedRange)
    If SelectedCells Is Nothing Then Set SelectedCells = ActiveCell
End Function

' Calculates the cell again and listens to what fails meanwhile.
Public Function Explanation(ByVal cell As Range) As String
    Dim origin As Range, reasons As String
    If cell Is Nothing Then Err.Raise NO_SELECTION, , "Open a workbook and select a cell first"
    Set origin = OriginOf(cell)
    If Not CallsUs(origin.Formula) Then
        Explanation = cell.Address(False, False) & " uses none of our functions."
        Exit Function
    End If
    Called FAILURES_MODULE, "take_failures", Array()
    Recalculate origin
    reasons = Called(FAILURES_MODULE, "take_failures", Array())
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
    Dim sheet As Worksheet, cell As Range, formula As String, repaired As Long
    If ActiveWorkbook Is Nothing Then Err.Raise NO_SELECTION, , "Open a workbook first"
    Application.Calculation = xlCalculationManual
    For Each sheet In ActiveWorkbook.Worksheets
        For Each cell In sheet.UsedRange.Cells
            If cell.HasFormula Then
                formula = FormulaOf(cell)
                If WithoutPath(formula) <> formula Then
                    PutFormula cell, WithoutPath(formula)
                    repaired = repaired + 1
                End If
            End If
        Next cell
    Next sheet
    RepairLinks = repaired & IIf(repaired = 1, " formula", " formulas") & " repaired"
    If HasLink(ActiveWorkbook) Then
        RepairLinks = RepairLinks & "; a link to " & ADD_IN & " is left: Data, Edit Links, Break Link"
    End If
End Function

' Whether a workbook has a link to the add-in, as Excel makes one in a workbook that others used without it.
Public Function HasLink(ByVal book As Workbook) As Boolean
    Dim links As Variant, link As Variant
    links = book.LinkSources(xlExcelLinks)
    If IsEmpty(links) Then Exit Function
    For Each link In links
        If LCase$(Right$(link, Len(ADD_IN))) = ADD_IN Then HasLink = True
    Next link
End Function

' Puts the help of the functions into Excel's own function window: once a workbook is active, and while the add-in is
' no add-in, since Excel describes no macro of a hidden workbook.
Public Sub DescribeFunctions()
    Dim entry As Variant, late As Object, active As Workbook, isHidden As Boolean, isSaved As Boolean
    If ActiveWorkbook Is Nothing Then
        Application.OnTime Now + TimeSerial(0, 0, RETRY_SECONDS), OwnMacro("Actions.DescribeFunctions")
        Exit Sub
    End If
    Set late = Application ' Excel for Mac has no ArgumentDescriptions, and would not compile it
    Set active = ActiveWorkbook
    isHidden = ThisWorkbook.IsAddin
    isSaved = ThisWorkbook.Saved
    Application.ScreenUpdating = False
    On Error Resume Next ' without it the functions work all the same
    If isHidden Then ThisWorkbook.IsAddin = False
    For Each entry In Catalogue()
        late.MacroOptions _
            Macro:=OwnMacro(entry(FunctionName)), _
            Description:=entry(Meaning), _
            Category:=TITLE, _
            ArgumentDescriptions:=entry(ArgumentHelp)
    Next entry
    If isHidden Then ThisWorkbook.IsAddin = True
    ThisWorkbook.Saved = isSaved
    active.Activate
    Application.ScreenUpdating = True
End Sub

' A procedure of this file as Excel finds it among others of the same name.
Public Function OwnMacro(ByVal procedure As String) As String
    OwnMacro = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & procedure
End Function
