Attribute VB_Name = "Ribbon"
Option Explicit

' The ribbon's callbacks. Each button carries the name of what it does as its tag.

Public Const TITLE As String = "Customer Value"
Public Const ADD_IN As String = "customer_value.xlam"

Private Const NO_CELL As Long = vbObjectError + 550

Private ribbonShown As IRibbonUI
Private busy As Boolean

Public Sub cvLoaded(ByVal shown As IRibbonUI)
    Set ribbonShown = shown
End Sub

Public Sub cvPressed(ByVal control As IRibbonControl)
    Perform control.Tag
End Sub

Public Sub cvEnabled(ByVal control As IRibbonControl, ByRef enabled As Variant)
    enabled = Not busy
End Sub

' A workbook that carries the functions shows its tab only where the add-in shows none.
Public Sub cvVisible(ByVal control As IRibbonControl, ByRef visible As Variant)
    visible = ThisWorkbook.IsAddin Or Not IsOpen(ADD_IN)
End Sub

Private Function IsOpen(ByVal bookName As String) As Boolean
    Dim book As Workbook
    On Error Resume Next ' add-ins are in Workbooks only by name
    Set book = Workbooks(bookName)
    IsOpen = Not book Is Nothing
End Function

' Does what a button says, and leaves Excel as it was, whatever happens.
Public Sub Perform(ByVal action As String)
    Dim mode As Long, events As Boolean, done As String, window As String, path As String, shown As Variant
    If busy Then Exit Sub
    SetBusy True
    On Error GoTo failed
    If Not ActiveWorkbook Is Nothing Then mode = Application.Calculation
    events = Application.EnableEvents
    Application.ScreenUpdating = False
    Application.StatusBar = TITLE & ": working..."
    Select Case action
        Case "RefreshAll": done = RefreshAll()
        Case "LoadData": path = ChosenFile()
        Case "Share": done = ShareCopy()
        Case "RefreshSelection": done = RefreshSelection()
        Case "Functions": done = ListFunctions()
        Case "RepairLinks": done = RepairLinks()
        Case "InsertFunction": If ActiveCell Is Nothing Then Err.Raise NO_CELL, , "Open a workbook and select a cell first"
        Case "Explain": window = Explanation(ActiveCell)
        Case "Doctor": window = Diagnosis()
        Case "Help": window = HelpText()
        Case "About": window = AboutText()
        Case Else
            If HasForm(action) Then
                shown = FieldsOf(action)
            Else
                CarryOut action, done, window
            End If
    End Select
    If Len(path) > 0 Then shown = Looked(Array(path, "", "replace", ""))
restore:
    On Error Resume Next ' each of these is tried
    If mode <> 0 Then Application.Calculation = mode
    Application.EnableEvents = events
    Application.ScreenUpdating = True
    Application.StatusBar = False
    SetBusy False
    On Error GoTo notShown
    If Len(window) > 0 Then
        Report.ShowText action, window
    ElseIf action = "InsertFunction" Then
        InsertFunction.Show
    ElseIf Len(path) > 0 Then
        LoadData.ShowFile path, shown
    ElseIf IsArray(shown) Then
        ShowForm action, shown
    End If
    If Len(done) > 0 Then Application.StatusBar = TITLE & ": " & done
    Exit Sub
notShown:
    Application.StatusBar = TITLE & ": " & Err.Description
    Exit Sub
failed:
    window = Err.Description
    Resume restore
End Sub

Private Sub SetBusy(ByVal isBusy As Boolean)
    busy = isBusy
    If Not ribbonShown Is Nothing Then ribbonShown.Invalidate
End Sub

Private Function AboutText() As String
    AboutText = TITLE & " " & ADD_IN_VERSION & vbNewLine & vbNewLine & _
        "Return on Customer, MIT licence." & vbNewLine & _
        "Reaches Python through xlwings " & XLWINGS_VERSION & ", BSD 3-clause licence; " & _
        "its notice stands in the module xlwings of this file."
End Function
