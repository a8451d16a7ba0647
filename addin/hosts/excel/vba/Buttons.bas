Attribute VB_Name = "Buttons"
Option Explicit
Option Private Module

' What the data buttons do: values go to Python, which works on the workbook; a sentence comes back.

Private Const NO_BOOK As Long = vbObjectError + 540
Private Const REFUSED As Long = vbObjectError + 541
Private Const SHOWN_FILES As String = "Tables (*.csv;*.txt;*.tsv;*.xlsx;*.xlsm),*.csv;*.txt;*.tsv;*.xlsx;*.xlsm"
Private Const SHARED_FILES As String = "Workbook without macros (*.xlsx),*.xlsx"

' What Python did with a button's values, as a sentence; an error is raised with its own.
Public Function Done(ByVal button As String, values As Variant, Optional ByVal agreed As String = "") As String
    Dim answer As Variant
    answer = Answered(button, values, agreed)
    If answer(0) <> "done" Then Err.Raise REFUSED, , answer(1)
    Done = answer(1)
End Function

' Python's answer to a button; what it asks meanwhile, the user is asked. Agreed to are the keys of questions.
Public Function Answered(ByVal button As String, values As Variant, Optional ByVal agreed As String = "") As Variant
    Dim answer As Variant
    If ActiveWorkbook Is Nothing Then Err.Raise NO_BOOK, , "Open a workbook first"
    Do
        answer = CalledOnce(RIBBON_MODULE, button, Array(ActiveWorkbook, agreed, values))
        If answer(0) <> "ask" Then Exit Do
        If MsgBox(answer(1), vbYesNo + vbQuestion, TITLE) = vbYes Then
            agreed = agreed & vbLf & answer(2)
        ElseIf answer(3) = "optional" Then
            agreed = agreed & vbLf & "no " & answer(2)
        Else
            answer = Array("error", CANCELLED, "")
            Exit Do
        End If
    Loop
    Answered = answer
End Function

Public Function RefreshAll() As String
    RefreshAll = Done("refresh_all", Array())
End Function

' A button that needs only the workbook; what it says is for the status bar or for a window.
Public Sub CarryOut(ByVal action As String, ByRef sentence As String, ByRef window As String)
    Dim answer As Variant
    answer = Answered("press", Array(action))
    If answer(0) <> "done" Then Err.Raise REFUSED, , answer(1)
    If answer(2) = "window" Then window = answer(1) Else sentence = answer(1)
End Sub

' The fields of a window, as Python knows them from the tables.
Public Function FieldsOf(ByVal window As String) As Variant
    Dim answer As Variant
    answer = Answered("form", Array(window))
    If answer(0) <> "done" Then Err.Raise REFUSED, , answer(1)
    FieldsOf = answer
End Function

' What came of the values of a window; the first of them is its name.
Public Function Submitted(values As Variant) As Variant
    Submitted = Tried("enter", values, "")
End Function

' What loading a file would do.
Public Function Looked(values As Variant) As Variant
    Looked = Tried("preview", values, "")
End Function

' Loads a file, once the user has agreed to what its preview asks.
Public Function Loaded(values As Variant, ByVal agreed As String) As Variant
    Loaded = Tried("load", values, agreed)
End Function

' For windows: a failure is an answer too, and what was done stands in the status bar.
Private Function Tried(ByVal button As String, values As Variant, ByVal agreed As String) As Variant
    Dim answer As Variant
    On Error GoTo failed
    answer = Answered(button, values, agreed)
    If answer(0) = "done" And button <> "preview" Then Application.StatusBar = TITLE & ": " & answer(1)
    Tried = answer
    Exit Function
failed:
    Tried = Array("error", Err.Description, "")
End Function

' The file to load, or nothing where the user cancels.
Public Function ChosenFile() As String
    Dim path As Variant
    path = Application.GetOpenFilename(SHOWN_FILES, , TITLE & ": load data")
    If VarType(path) = vbString Then ChosenFile = path
End Function

Public Function ShareCopy() As String
    Dim path As Variant, answer As Long, leaveOut As Long
    If ActiveWorkbook Is Nothing Then Err.Raise NO_BOOK, , "Open a workbook first"
    If HasLink(ActiveWorkbook) Then
        answer = MsgBox("Formulas of this workbook name the file of the add-in (" & ADD_IN & "), which others do not " & _
            "have. Take that out of them first?", vbYesNoCancel + vbQuestion, TITLE)
        If answer = vbCancel Then Exit Function
        If answer = vbYes Then RepairLinks
    End If
    path = Application.GetSaveAsFilename(SharedName(ActiveWorkbook.Name), SHARED_FILES, , TITLE & ": share a copy")
    If VarType(path) <> vbString Then Exit Function
    leaveOut = MsgBox(WITHOUT_PERSONAL & "?", _
        vbYesNoCancel + vbQuestion, TITLE)
    If leaveOut = vbCancel Then Exit Function
    ShareCopy = Done("share", Array(path, IIf(leaveOut = vbYes, "yes", "no")))
End Function

Private Function SharedName(ByVal bookName As String) As String
    If InStrRev(bookName, ".") > 0 Then bookName = Left$(bookName, InStrRev(bookName, ".") - 1)
    SharedName = bookName & "_shared.xlsx"
End Function
