set = "set by the file"
return marker
