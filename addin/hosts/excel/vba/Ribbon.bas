Attribute VB_Name = "Ribbon"
Option Explicit

' The ribbon's callbacks. Each button carries the name of what it does as its tag.

Public Const TITLE As String = "Customer Value"
Public Const ADD_IN As String = "customer_value.xlam"

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
    On Error Resume Next ' add-ins are in Workbooks by name alone
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
        Case "NewCampaign": shown = FieldsOf(action)
        Case "LogFollowUp": shown = FieldsOf(action)
        Case "LogIntroduction": shown = FieldsOf(action)
        Case "CheckInputs": window = Told("check_inputs", Array())
        Case "Share": done = ShareCopy()
        Case "Unfreeze": done = Told("unfreeze", Array())
        Case "Undo": done = Told("undo", Array())
        Case "SampleOn": done = Told("sample_on", Array())
        Case "SampleOff": done = Told("sample_off", Array())
        Case "RefreshSelection": done = RefreshSelection()
        Case "Functions": done = ListFunctions()
        Case "RepairLinks": done = RepairLinks()
        Case "Explain": window = Explanation(ActiveCell)
        Case "Doctor": window = Diagnosis()
        Case "Help": window = HelpText()
        Case "About": window = AboutText()
    End Select
    If Len(path) > 0 Then shown = Looked(Array(path, "", "replace", ""))
restore:
    On Error Resume Next ' each of these is tried
    If mode <> 0 Then Application.Calculation = mode
    Application.EnableEvents = events
    Application.ScreenUpdating = True
    Application.StatusBar = False
    SetBusy False
    On Error GoTo 0
    If action = "InsertFunction" Then InsertFunction.Show
    If IsArray(shown) Then ShowForm action, path, shown
    If Len(window) > 0 Then Report.ShowText action, window
    If Len(done) > 0 Then Application.StatusBar = TITLE & ": " & done
    Exit Sub
failed:
    window = Err.Description
    Resume restore
End Sub

Private Sub ShowForm(ByVal action As String, ByVal path As String, shown As Variant)
    Select Case action
        Case "LoadData": LoadData.ShowFile path, shown
        Case "NewCampaign": NewCampaign.ShowFields shown
        Case "LogFollowUp": LogFollowUp.ShowFields shown
        Case "LogIntroduction": LogIntroduction.ShowFields shown
    End Select
End Sub

Private Sub SetBusy(ByVal isBusy As Boolean)
    busy = isBusy
    If Not ribbonShown Is Nothing Then ribbonShown.Invalidate
End Sub

Private Function HelpText() As String
    HelpText = "Type a function into a cell, such as =NPS(B2:B500), or press Insert function." & vbNewLine & vbNewLine & _
        "Blank cells are skipped; they never count as zero." & vbNewLine & _
        "Load data puts your rows into the tables; Refresh all brings sources, models and checks up to date." & vbNewLine & _
        "Undo takes back the last thing that a button wrote." & vbNewLine & _
        "An argument that takes one value also takes a range: the function answers for every row." & vbNewLine & _
        "Rates are fractions: 2% is 0.02." & vbNewLine & vbNewLine & _
        "A cell shows an error: select it and press Explain." & vbNewLine & _
        "All cells show #N/A: press Doctor." & vbNewLine & _
        "Formulas show the path of another book: press Repair links." & vbNewLine & vbNewLine & _
        "In a terminal, roc functions NPS tells all about one function, with its source."
End Function

Private Function AboutText() As String
    AboutText = TITLE & " " & ADD_IN_VERSION & vbNewLine & vbNewLine & _
        "Return on Customer, MIT licence." & vbNewLine & _
        "Reaches Python through xlwings " & XLWINGS_VERSION & ", BSD 3-clause licence; " & _
        "its notice stands in the module xlwings of this file."
End Function
